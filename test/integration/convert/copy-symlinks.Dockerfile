FROM busybox AS made
RUN mkdir -p /m/real && echo x > /m/real/file && ln -s real /m/dir-link && ln -s real/file /m/file-link && ln -s file-link /m/twice
FROM busybox
COPY link.txt /link.txt
COPY link-dir /link-dir
COPY link-dir/ /link-dir-slash/
COPY --from=made /m/file-link /m/dir-link /m/twice /many/
COPY --from=made /m/twice /twice
COPY --from=made m/real relative
COPY --from=made /m/ /whole/
