# One image: API, worker or both (`serve`, `serve --api-only`, `serve --worker-only`). Data lives in /data.
FROM python:3.11-slim
RUN useradd --system --create-home --uid 10001 loudeng && install -d -o loudeng /data
WORKDIR /srv/loudeng
COPY requirements.lock .
RUN pip install --no-cache-dir --require-hashes -r requirements.lock
COPY app app
COPY migrations migrations
# The browser preview, where `make web` has built it; off unless LOUDENG_PREVIEW asks for it.
COPY miniprogram/web/dis[t] miniprogram/web/dist
# Likewise the office's console; LOUDENG_CONSOLE.
COPY console/dis[t] console/dist
USER loudeng
ENV LOUDENG_DATA_DIR=/data LOUDENG_HOST=0.0.0.0 LOUDENG_HEALTH_PORT=8001 PYTHONUNBUFFERED=1
VOLUME /data
EXPOSE 8000
# 8000: the API; 8001: the worker, which is what a container with nothing else has.
COPY deploy/healthcheck.py /usr/local/lib/loudeng-healthcheck.py
HEALTHCHECK CMD ["python", "/usr/local/lib/loudeng-healthcheck.py"]
ENTRYPOINT ["python", "-m", "app"]
CMD ["serve"]
