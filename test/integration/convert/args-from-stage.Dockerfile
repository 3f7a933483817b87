ARG VARIANT=small
FROM busybox AS small
RUN echo small > /variant
FROM busybox AS large
RUN echo large > /variant
FROM ${VARIANT} AS chosen
RUN cat /variant > /chosen
