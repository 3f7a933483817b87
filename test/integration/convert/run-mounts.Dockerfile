FROM busybox AS tools
RUN mkdir /t && echo tool > /t/tool && echo sub > /t/sub
FROM busybox
ARG WHERE=/mnt/arg
WORKDIR /work
RUN --mount=type=bind,target=/ctx ls /ctx > /ctx.txt
RUN --mount=target=rel,source=src ls rel > /rel.txt
RUN --mount=type=bind,from=tools,source=/t,target=/tools,rw echo w > /tools/w && ls /tools > /tools.txt
RUN --mount=from=tools,source=t/tool,target=${WHERE}/tool cat /mnt/arg/tool > /arg.txt
RUN --mount=type=cache,target=/cache,id=convert-CASE,sharing=locked --mount=type=tmpfs,target=/tmp/t,size=1m \
    echo cached > /cache/file && touch /tmp/t/x && ls /cache > /cache.txt
RUN --mount=type=cache,target=/own,uid=1000,gid=1001,mode=0700,id=convert-own-CASE ls -ldn /own | awk '{print $1, $3, $4}' > /own.txt
RUN --mount=type=cache,target=/filled,from=tools,source=/t,id=convert-from-CASE ls /filled > /filled.txt
RUN --mount=type=secret,id=token cat /run/secrets/token > /secret.txt
RUN --mount=type=secret,id=token,target=/etc/token,mode=0444,uid=1 ls -ln /etc/token | awk '{print $1, $3}' > /secret-mode.txt
RUN --mount=type=secret,id=token,env=TOKEN echo "$TOKEN" > /secret-env.txt
RUN --mount=type=secret,id=absent test ! -e /run/secrets/absent && echo none > /absent.txt
RUN --mount=type=ssh,id=absent env | grep -c SSH > /ssh.txt; true
WORKDIR /here
RUN --mount=from=tools ls t > /whole.txt
