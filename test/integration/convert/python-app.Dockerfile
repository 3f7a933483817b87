ARG PYTHON_VERSION=latest
FROM busybox:${PYTHON_VERSION} as base
# Prevents Python from writing pyc files.
ENV PYTHONDONTWRITEBYTECODE=1
# Keeps Python from buffering stdout and stderr.
ENV PYTHONUNBUFFERED=1
WORKDIR /app
RUN --mount=type=cache,target=/root/.cache/pip,id=convert-pip-CASE \
    --mount=type=bind,source=package.json,target=requirements.txt \
    cat requirements.txt > /installed
COPY . .
EXPOSE 8000
CMD sh -c 'gunicorn "app:app" --bind=0.0.0.0:8000'
