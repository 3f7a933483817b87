FROM busybox
HEALTHCHECK --interval=0s CMD ["/bin/true", "arg"]
ENTRYPOINT [ "entry" ,  "p1" ]
CMD [ "not", json ]
USER 1000
