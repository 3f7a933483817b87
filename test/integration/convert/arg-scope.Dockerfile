ARG OUTSIDE=outside
FROM busybox AS one
RUN echo "[$OUTSIDE]" > /outside
ARG INSIDE=inside
RUN echo "[$INSIDE]" > /inside
FROM one AS two
RUN echo "[$INSIDE]" > /inherited
ENV INSIDE=env
RUN echo "[$INSIDE]" > /env
ARG INSIDE=again
RUN echo "[$INSIDE]" > /again; env | grep -v -e OTEL -e TRACE | sort > /env.txt
LABEL inside=$INSIDE
