FROM REGISTRY/busybox:configured AS first
ENTRYPOINT ["/bin/echo"]
CMD ["one"]
FROM first AS second
ENTRYPOINT ["/bin/cat"]
FROM first AS third
CMD []
ENTRYPOINT []
USER root
HEALTHCHECK NONE
STOPSIGNAL 9
