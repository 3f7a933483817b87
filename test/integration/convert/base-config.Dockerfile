FROM REGISTRY/busybox:configured
LABEL org.example.keep=changed added=yes
WORKDIR sub/dir
COPY package.json .
EXPOSE 80
VOLUME /more
ENTRYPOINT ["/bin/echo"]
