FROM busybox AS built
RUN mkdir /out && echo built > /out/file
FROM busybox
WORKDIR /app
ENV KEPT=yes
COPY --link package.json .
COPY --link --from=built /out ./out
COPY --link --chown=1000:1000 src /absolute/src/
COPY --link --chmod=700 a.conf /a.conf
RUN echo "$KEPT" > kept.txt; pwd > pwd.txt
USER daemon
