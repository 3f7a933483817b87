FROM busybox
RUN echo hello > /hello.txt
CMD ["cat", "/hello.txt"]
