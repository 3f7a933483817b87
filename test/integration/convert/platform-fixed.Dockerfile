ARG ARCH=amd64
FROM --platform=linux/${ARCH} REGISTRY/busybox:multi AS fixed
FROM --platform=$TARGETPLATFORM REGISTRY/busybox:multi AS target
COPY --from=fixed /etc/passwd /fixed-passwd
COPY a.conf /
