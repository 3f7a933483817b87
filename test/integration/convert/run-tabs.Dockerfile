FROM busybox
RUN printf "a	b\n" > /one.txt && \
	true	&& \
    printf '	%s	|	%s\n' "	x" '	y	'	>	/two.txt && \
	  	printf "$(printf "	a  b	")  c	" > /three.txt
RUN printf "start	of \
	a	line   \
  	of a quote	" > /quoted.txt && \
	printf '%s' "$(echo "nested  \
	  quotes	and	")" > /nested.txt
RUN x=${UNSET:-a	  \
	  b	c}; \
	printf '%s' "$x" > /brace.txt
RUN --network=none \
	printf '%s\n' 'flag	tab' "a" \
		> /flag.txt && \
	printf '%s' 'a\' b	c'\' \
		> /backslash.txt
RUN	true;# a comment	\
	  && echo never > /comment.txt
