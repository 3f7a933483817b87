ARG TAG=latest
ARG IMAGE=busybox:${TAG}
# VERSION the version that is built
ARG VERSION=1.0
FROM ${IMAGE} AS first
ARG VERSION
RUN echo "$VERSION" > /version; env | grep -v -e OTEL -e TRACE | sort > /env.txt
FROM $IMAGE
ARG VERSION=2.0
ARG EXTRA
ARG FULL=${VERSION}-${EXTRA:-plain}
LABEL version="$VERSION" full=$FULL extra="${EXTRA}"
COPY --from=first /version /first
RUN env | grep -v -e OTEL -e TRACE | sort > /env.txt
