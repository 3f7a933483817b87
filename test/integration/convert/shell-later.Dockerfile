FROM busybox AS early
SHELL ["/bin/sh", "-ec"]
CMD echo base

FROM early
ENTRYPOINT echo entry
CMD echo hi
SHELL ["/bin/sh", "-xc"]
RUN echo run > /run-out
