FROM busybox
ADD pack.tar.gz /unpacked/
ADD --unpack=false pack.tar.gz /packed/
ADD a.conf b.conf /plain/
ADD --exclude=*.md src /src
