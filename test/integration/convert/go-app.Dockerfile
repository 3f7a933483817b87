FROM --platform=$BUILDPLATFORM busybox AS build
WORKDIR /src
RUN --mount=type=cache,target=/go/pkg/mod/,id=convert-go-CASE \
    --mount=type=bind,source=package.json,target=go.mod \
    cat go.mod > /go.sum
ARG TARGETARCH
ARG LDFLAGS="-s -w"
RUN --mount=type=cache,target=/go/pkg/mod/,id=convert-go-CASE \
    --mount=type=bind,target=. \
    mkdir -p /bin-out && echo "$LDFLAGS GOARCH=$TARGETARCH" > /bin-out/server

FROM busybox:latest AS final
RUN --mount=type=cache,target=/var/cache/apk,id=convert-apk-CASE \
    true && \
    true
ARG UID=10001
RUN echo \
    "appuser:x:${UID}:${UID}::/nonexistent:/sbin/nologin" \
    >> /etc/passwd
USER appuser
COPY --from=build /bin-out/server /bin/
EXPOSE 8080
ENTRYPOINT [ "/bin/server" ]
