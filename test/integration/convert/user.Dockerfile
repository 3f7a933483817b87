FROM busybox
RUN echo "app:x:1234:1234::/:/bin/sh" >> /etc/passwd && echo "app:x:1234:" >> /etc/group && mkdir /data && chown app /data
USER app
RUN id -u > /data/id
USER 1234:0
WORKDIR /data/sub
RUN id > id.txt
USER root:root
RUN id > /root-id
USER app:app
