FROM busybox
ARG FILE=hello.txt
ADD HTTP_URL/hello.txt /
ADD HTTP_URL/hello.txt /renamed.txt
ADD --checksum=HTTP_DIGEST HTTP_URL/hello.txt /checked/
ADD --chmod=755 --chown=1000:1000 HTTP_URL/${FILE} /mode/
ADD --unpack HTTP_URL/archive.tar.gz /unpacked/
ADD HTTP_URL/archive.tar.gz /packed/
ADD HTTP_URL/hello.txt a.conf /mixed/
ADD HTTP_URL/named /named-dir/
