# syntax=docker/dockerfile:1

# Everything stands on this.
FROM busybox AS base
WORKDIR /app
ENV MODE=production

FROM base AS build
COPY src ./src
RUN cat src/main.txt > out.txt

FROM base AS test
COPY --from=build /app/out.txt .
RUN grep -q main out.txt && env | grep -v -e OTEL -e TRACE | sort > /env.txt

FROM base
COPY --from=build /app/out.txt ./
COPY --from=0 /etc/passwd /from-base
LABEL stage=last
CMD ["cat", "out.txt"]
