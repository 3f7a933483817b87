FROM busybox
CMD echo before
SHELL ["/bin/ash", "-e", "-c"]
RUN echo "$0 $-" > /shell.txt
ENTRYPOINT echo entry
HEALTHCHECK CMD echo check
FROM busybox
SHELL ["/bin/ash", "-c"]
RUN echo "$0" > /shell.txt
CMD exec top
