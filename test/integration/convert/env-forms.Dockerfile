FROM busybox
ENV OLD the old form has spaces   inside
ENV A=1 B="two words" C='single $A' D=back\ slash E=
ENV A=2 F=$A G="${A}${B}" H=\$A
ENV PATH=/opt/bin:$PATH
ENV A=3
LABEL f=$F g="$G" h="$H" path="$A"
RUN env | grep -v -e OTEL -e TRACE | sort > /env.txt
