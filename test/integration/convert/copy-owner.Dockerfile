FROM busybox
RUN echo "app:x:1234:1234::/:/bin/sh" >> /etc/passwd && echo "app:x:1234:" >> /etc/group
ARG OWNER=app:1000
COPY --chown=app a.conf /app.conf
COPY --chown=1000:2000 src /numeric
COPY --chown=$OWNER b.conf /made/up/
COPY --chmod=600 a.conf /600.conf
COPY --chmod=0750 --chown=app:app src /both
COPY --chmod=u+x,go-r a.conf /symbolic.conf
ADD --chown=daemon --chmod=644 bin/tool.sh /tool
