FROM busybox
ENV "quoted"=no_name A="x"'y'z
RUN   echo    spaced   out   > /spaced
RUN echo ]] ]=] [[ > /brackets
RUN printf 'tab\tnewline\n' > /printf; printf "%s" "ünïcode ☃" > /unicode
LABEL brackets="]]" percent=100% dollar=$ hash=#1 backslash=\\\\
CMD ["ünïcode", "\u00e9", "tab\t", "quote\""]
