ARG BASE=busybox
FROM ${BASE} AS one
ARG LEVEL=1
ARG NAME=one-${LEVEL}
ENV NAME=$NAME
RUN echo "$NAME" > /name; env | grep -v -e OTEL -e TRACE | sort > /env.txt
FROM one AS two
ARG LEVEL=2
ENV LEVEL=$LEVEL
RUN echo "$LEVEL $NAME" > /level; env | grep -v -e OTEL -e TRACE | sort > /env.txt
LABEL name=$NAME level=$LEVEL
