FROM busybox AS one
ARG V=one
ARG A=1
ARG B=x$A
RUN echo "$V $A $B" > /one

# Nobody gives it a value here.
FROM busybox AS two
ARG V
ARG A=2
ARG B=x$A
ENV X=p${V}q Y=$B
RUN echo "[$V] $A $B" > /two

FROM busybox AS three
ARG V=argument
ENV V=variable
ARG V
ENV W=$V
RUN echo "$V $W" > /three
ENV K=kept
ARG K=given
RUN echo "$K" > /given

# The variable is back.
FROM three AS four
RUN echo "$K" > /four
ENV L=$K

FROM one AS five
ONBUILD ARG T=trigger
FROM five AS six
ARG T
RUN echo "[$T]" > /six
FROM busybox
ARG T
RUN echo "[$T]" > /none
COPY --from=two /two /
COPY --from=four /three /given /four /
COPY --from=six /one /six /
ENV ALL=[$T]
