# The coordinator. Build in the root of the repository: docker build -f docker/coordinator.Dockerfile -t manyhands-coordinator .
FROM node:24-bookworm-slim AS build
WORKDIR /manyhands
COPY . .
RUN docker/steps/build.sh

FROM node:24-bookworm-slim
ENV NODE_ENV=production
COPY --from=build --chown=root:root /manyhands /manyhands
RUN mkdir /data && chown node:node /data && chmod 700 /data
USER node
VOLUME /data
EXPOSE 8420 8421 8422
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD ["/manyhands/docker/steps/healthy.sh"]
ENTRYPOINT ["/manyhands/docker/steps/coordinator.sh"]
