FROM busybox
ENV NAME=value EMPTY= VERSION=v1.2.3 DIR=/a/b/c
LABEL a=${NAME:-x} b=${NONE_LABEL:-default} c=${EMPTY:-filled} d=${EMPTY-kept} e=${NAME:+alt} f="${EMPTY:+alt}" \
      g=${VERSION#v} h=${DIR##*/} i=${DIR%/*} j=${VERSION//./_} k=${VERSION/./_} l=${NAME:?never} \
      m='${NAME}' n="\${NAME}" o=${NONE_LABEL:-${NAME:-y}} p=$NAME$NAME q=${VERSION%.*}
WORKDIR ${DIR}/${NAME}
COPY ${EMPTY:-package.json} ${DIR%/*}/
EXPOSE ${EMPTY:-8080} ${EMPTY:-9000-9002}/udp
