FROM busybox
MAINTAINER Jane Doe <jane@example.com>
LABEL maintainer="Jane" multi.line="one \
two" "quoted key"="x" single='y z'
LABEL old style label value
EXPOSE 80 443/tcp 53/udp 8000-8003 9000/SCTP 127.0.0.1:5000:5001
VOLUME /data /logs
VOLUME ["/json", "/data"]
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=5m --timeout=3s --start-period=1m30s --start-interval=500ms --retries=5 \
  CMD curl -f http://localhost/ || exit 1
ENTRYPOINT ["/bin/sh", "-c", "echo \"$0\" 'x'"]
CMD ["a b", "c"]
