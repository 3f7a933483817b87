FROM scratch
COPY --from=busybox:latest /bin/busybox /bin/busybox
COPY --from=busybox etc/passwd /etc/
COPY a.conf /
ENTRYPOINT ["/bin/busybox"]
