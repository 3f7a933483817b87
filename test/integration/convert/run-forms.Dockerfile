FROM busybox
RUN ["/bin/sh", "-c", "echo list > /list"]
RUN echo "a 'b' \"c\" \\ \$HOME" > /quotes
RUN mkdir -p /many && \
    # A comment within.
    echo one > /many/one && \

    echo two \
      > /many/two && \
	printf '%s\n' three > /many/three
RUN echo 'over \
two lines' > /over
RUN echo a # a comment \
    && echo b > /b; true
RUN set -e; for i in 1 2; do \
      echo "$i" >> /loop; \
    done
RUN if true; then echo yes > /if; fi
