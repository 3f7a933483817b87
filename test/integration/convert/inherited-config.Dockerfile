FROM busybox AS base
LABEL a=1 b=2
EXPOSE 80
ENV X=base
CMD ["base"]
ENTRYPOINT ["base-entry"]
ONBUILD RUN echo triggered > /triggered
ONBUILD COPY a.conf /onbuild/
FROM base AS middle
LABEL b=3 c=4
EXPOSE 80 81
ENV X=middle-$X Y=$X
ENTRYPOINT ["middle-entry"]
FROM middle
LABEL c=5
CMD ["last"]
WORKDIR /last
