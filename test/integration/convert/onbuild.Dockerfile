FROM busybox
ONBUILD ARG VERSION=1
ONBUILD COPY . /app
ONBUILD RUN echo "$VERSION" \
  > /version
RUN true
