FROM busybox
WORKDIR /one
WORKDIR two/../three
RUN pwd > pwd.txt
USER 2:3
WORKDIR four
WORKDIR "/with space/$PATHLESS"
RUN touch "$PWD/file" 2>/dev/null || true; ls -ld . > /tmp/ls.txt; pwd >> /tmp/ls.txt; true
WORKDIR /
COPY a.conf .
