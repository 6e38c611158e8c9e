# One image, three programs; the command chooses: silo/usagebilling.dll (default), api/UsageBilling.Api.dll, sandbox/UsageBilling.Sandbox.dll
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
# Project and lock files first: a change of code does not restore again
COPY Directory.Build.props Directory.Packages.props global.json BannedSymbols.txt .editorconfig ./
COPY interfaces/*.csproj interfaces/packages.lock.json interfaces/
COPY grains/*.csproj grains/packages.lock.json grains/
COPY runtime/*.csproj runtime/packages.lock.json runtime/
COPY connectors/*.csproj connectors/packages.lock.json connectors/
COPY silo/*.csproj silo/packages.lock.json silo/
COPY api/*.csproj api/packages.lock.json api/
COPY sandbox/*.csproj sandbox/packages.lock.json sandbox/
RUN dotnet restore silo --locked-mode && dotnet restore api --locked-mode && dotnet restore sandbox --locked-mode
COPY . .
RUN dotnet publish silo -c Release --no-restore -p:UseAppHost=false -o /out/silo \
 && dotnet publish api -c Release --no-restore -p:UseAppHost=false -o /out/api \
 && dotnet publish sandbox -c Release --no-restore -p:UseAppHost=false -o /out/sandbox

FROM mcr.microsoft.com/dotnet/aspnet:10.0
WORKDIR /app
COPY --from=build /out .
ENV ASPNETCORE_HTTP_PORTS=8080
EXPOSE 8080
# The account "app" of the base image; a volume begins as this folder is
RUN install -d -m 700 -o $APP_UID /keys
USER $APP_UID
ENTRYPOINT ["dotnet"]
CMD ["silo/usagebilling.dll"]
