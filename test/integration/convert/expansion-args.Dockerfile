ARG TAG
FROM busybox:${TAG:-latest}
ARG NAME=value
ARG VERSION=v1.2.3
ARG UNSET PORT
ARG DIR=/a/b/c
LABEL a=${NAME:-x} b=${UNSET:-default} c=${UNSET-dash} e=${NAME:+alt} f="${UNSET:+alt}" \
      g=${VERSION#v} h=${DIR##*/} i=${DIR%/*} j=${VERSION//./_} k=${VERSION/./_} l=${NAME:?never} \
      m='${NAME}' n="\${NAME}" o=${UNSET:-${NAME:-y}} p=$NAME$NAME q="[$UNSET]" ${NAME}=key
ENV FULL=${NAME}-${VERSION#v} PLAIN=$NAME NOTHING=$UNSET
WORKDIR ${DIR}/${FULL}
COPY package.json ./${PLAIN}/${FULL}.json
EXPOSE ${PORT:-8080} ${PORT:-9000}/udp
RUN env | grep -v -e OTEL -e TRACE | sort > /env.txt; pwd > /pwd.txt
