FROM busybox
ARG WHO=world
ENV GREETING=hello
COPY <<INDEX /www/index.html
<h1>$GREETING ${WHO}</h1>
  "quotes" and 'quotes' \$ESCAPED ]] end
INDEX
COPY <<'RAW' <<-TABS /docs/
$GREETING is not expanded
RAW
	tabs go
		away
TABS
COPY --chmod=755 <<EOF /bin/say
#!/bin/sh
echo hi
EOF
COPY <<one <<two package.json /three/
1
one
2
two
RUN say > /said
