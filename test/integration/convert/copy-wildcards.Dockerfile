FROM busybox
COPY *.conf /conf/
COPY src/*.t?t /txt/
COPY package*.json lock*.json /json/
COPY none* /nothing/
COPY src/* /flat/
