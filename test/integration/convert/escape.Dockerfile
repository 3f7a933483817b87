# escape=`
# check=skip=all
FROM busybox
ENV WIN=c:\path\to ESCAPED=`$WIN
RUN echo one > /one && `
    echo two > /two
COPY src /odd/
LABEL path="$WIN\more" tick="a`"b"
