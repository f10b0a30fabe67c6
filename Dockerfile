# An image for each program: docker build --target fetcher|parser|enricher|indexer|cli .

FROM mcr.microsoft.com/dotnet/sdk:10.0.401-noble AS build
WORKDIR /src
ENV DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

# Packages are restored before the sources come in, so that a change of code does not restore them again.
COPY global.json Directory.Build.props Directory.Packages.props ./
COPY src/PaperPipeline.Contracts/PaperPipeline.Contracts.csproj src/PaperPipeline.Contracts/
COPY src/PaperPipeline.ServiceDefaults/PaperPipeline.ServiceDefaults.csproj src/PaperPipeline.ServiceDefaults/
COPY src/PaperPipeline.Storage/PaperPipeline.Storage.csproj src/PaperPipeline.Storage/
COPY src/PaperPipeline.Fetcher/PaperPipeline.Fetcher.csproj src/PaperPipeline.Fetcher/
COPY src/PaperPipeline.Parser/PaperPipeline.Parser.csproj src/PaperPipeline.Parser/
COPY src/PaperPipeline.Enricher/PaperPipeline.Enricher.csproj src/PaperPipeline.Enricher/
COPY src/PaperPipeline.Indexer/PaperPipeline.Indexer.csproj src/PaperPipeline.Indexer/
COPY src/PaperPipeline.Cli/PaperPipeline.Cli.csproj src/PaperPipeline.Cli/
RUN dotnet restore --use-current-runtime -p:PublishReadyToRun=true src/PaperPipeline.Cli/PaperPipeline.Cli.csproj

COPY .editorconfig BannedSymbols.txt ./
COPY src/ src/
COPY dashboards/ dashboards/
# Compiled ahead of time, because each health check starts a program.
RUN for program in Fetcher Parser Enricher Indexer Cli; do \
      dotnet publish -c Release --no-restore --use-current-runtime --no-self-contained \
        -p:PublishReadyToRun=true -p:UseAppHost=false -p:DebugType=none -p:PublishDocumentationFiles=false -p:PublishReferencesDocumentationFiles=false \
        -o "/out/$program" "src/PaperPipeline.$program/PaperPipeline.$program.csproj" || exit 1; \
    done
# The last image has no shell to make folders with.
RUN mkdir -p /out/root/data/archive /out/root/data/drop && chmod 700 /out/root/data/archive

# No shell, no package manager, no root; with ICU, because without it Unicode is not normalised and other keys result.
# Its libc is the one that the tests run on, unlike Alpine's.
FROM mcr.microsoft.com/dotnet/aspnet:10.0.12-noble-chiseled-extra AS base
# 1654 is the user of the base image (APP_UID).
COPY --from=build --chown=1654:1654 /out/root/ /
ENV PAPERPIPELINE_DATA_DIR=/data
WORKDIR /app
USER $APP_UID

FROM base AS worker
ENV ASPNETCORE_URLS=http://+:8080 ASPNETCORE_HTTP_PORTS=
EXPOSE 8080

FROM worker AS fetcher
COPY --from=build /out/Fetcher ./
HEALTHCHECK --interval=15s --timeout=10s --start-period=60s CMD ["dotnet", "PaperPipeline.Fetcher.dll", "health"]
ENTRYPOINT ["dotnet", "PaperPipeline.Fetcher.dll"]

FROM worker AS parser
COPY --from=build /out/Parser ./
HEALTHCHECK --interval=15s --timeout=10s --start-period=60s CMD ["dotnet", "PaperPipeline.Parser.dll", "health"]
ENTRYPOINT ["dotnet", "PaperPipeline.Parser.dll"]

FROM worker AS enricher
COPY --from=build /out/Enricher ./
HEALTHCHECK --interval=15s --timeout=10s --start-period=60s CMD ["dotnet", "PaperPipeline.Enricher.dll", "health"]
ENTRYPOINT ["dotnet", "PaperPipeline.Enricher.dll"]

FROM worker AS indexer
COPY --from=build /out/Indexer ./
HEALTHCHECK --interval=15s --timeout=10s --start-period=60s CMD ["dotnet", "PaperPipeline.Indexer.dll", "health"]
ENTRYPOINT ["dotnet", "PaperPipeline.Indexer.dll"]

FROM base AS cli
COPY --from=build /out/Cli ./
ENTRYPOINT ["dotnet", "paperpipeline.dll"]
