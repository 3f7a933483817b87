FROM busybox
ENV PGDATA /var/lib/postgresql/data
ENV LANG en_US.utf8
RUN set -eux; \
	mkdir -p "$PGDATA"; \
	chmod 1777 "$PGDATA"; \
# a comment at the start of the line
	echo "lang=$LANG" > /etc/lang; \
	\
	ls -ld "$PGDATA"
VOLUME /var/lib/postgresql/data
COPY bin/tool.sh /usr/local/bin/
RUN ln -sT usr/local/bin/tool.sh /docker-entrypoint.sh || ln -s usr/local/bin/tool.sh /docker-entrypoint.sh
ENTRYPOINT ["tool.sh"]
STOPSIGNAL SIGINT
EXPOSE 5432
CMD ["postgres"]
