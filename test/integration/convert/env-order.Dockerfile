FROM busybox
ARG MODE=fast
ARG OPEN
ENV ZED=1 ABLE="two words" MIDDLE=$MODE Late=$OPEN
ENV Q=a P=/p:$PATH A="=b"
RUN env | grep -E "^(ZED|ABLE|MIDDLE|Late|Q|P|A)=" > /env
