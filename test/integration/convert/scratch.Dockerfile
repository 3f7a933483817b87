FROM scratch
COPY src/main.txt /
ENV A=b PATH=$PATH:/x
WORKDIR /w
USER 65532:65532
LABEL only=label
