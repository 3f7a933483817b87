FROM REGISTRY/busybox:configured AS one
RUN mkdir -p /tmp/from-base && echo x > /tmp/from-base/file
FROM REGISTRY/busybox:configured
ENV OWN=own SUB=$FOO/sub
COPY a.conf b.conf /$FOO/$OWN/
COPY --from=one /tmp/${FOO}/file ${SUB}/renamed
COPY --chown=1000 src "./$FOO"
COPY --link a.conf /$FOO/linked/
