FROM busybox
CMD echo hi
SHELL ["/bin/sh", "-exc"]
RUN echo run > /run-out
