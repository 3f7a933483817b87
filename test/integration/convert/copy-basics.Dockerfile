FROM busybox
COPY package.json /one.json
COPY package.json a.conf b.conf /many/
COPY src /src
COPY src/ /src-slash/
COPY docs /docs/inner
COPY . /all
COPY ./src/../a.conf /dots/
COPY ["a.conf", "/with space/a file.conf"]
COPY /b.conf /rooted.conf
