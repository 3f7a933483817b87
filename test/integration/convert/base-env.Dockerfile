FROM REGISTRY/busybox:configured
ENV FOO=${FOO}-and-more BAR="[$FOO]" PATH=/first:$PATH
ENV BAZ=${BAR:-none}$MISSING
RUN env | grep -v -e OTEL -e TRACE | sort > /tmp/env.txt; pwd >> /tmp/env.txt; id >> /tmp/env.txt
