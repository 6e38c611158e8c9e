using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Keys;
using UsageBilling.Interfaces.Vendors;
using UsageBilling.Runtime.Intents;
using UsageBilling.Runtime.Runs;
using UsageBilling.Runtime.Telemetry;
using UsageBilling.Silo.Desk;

namespace UsageBilling.Silo.Runs;

/// <summary>Does the runs that need a vendor: testing credentials, importing, comparing, reading a PSA's lists. A run whose silo dies is done again by another.</summary>
internal sealed class RunWorker(
    ILockSessions sessions, RunStore runs, GrainEngines grains, VendorDoor vendors, PsaImport psaImport, SourceImport sourceImport, Reconciler reconciler, LookupReader lookups,
    ILogger<RunWorker> log)
{
    /// <summary>Does every waiting run that nobody else does. True when any was done.</summary>
    public async Task<bool> DoDue(CancellationToken cancellation)
    {
        await reconciler.Start(vendors.Psas, cancellation);
        return await Each.Integration(await runs.Due(cancellation), run => run.Integration.Id, DoOne, log, cancellation);
    }

    private Task<bool> DoOne(DueRun run, CancellationToken cancellation) => sessions.Alone(
        $"run:{run.Id}",
        async stop => (await runs.Due(stop)).Any(due => due.Id == run.Id),
        stop => Do(run, stop),
        cancellation);

    private async Task Do(DueRun run, CancellationToken cancellation)
    {
        using var span = Traces.Run(run.Kind, run.Id);
        try
        {
            var ended = await DoKind(run, cancellation);
            await runs.Finish(run.Id, ended.Well, ended.Code, ended.Sentence, cancellation);
            log.RunEnded(run.Id, ended.Code);
        }
        catch (Exception mistake) when (mistake is not OperationCanceledException && !Runtime.Turns.Transient.Is(mistake))
        {
            await runs.Finish(run.Id, false, "internal_error", $"{mistake.GetType().Name} while doing the {run.Kind}.", cancellation);
            throw;
        }
    }

    private async Task<RunEnd> DoKind(DueRun run, CancellationToken cancellation)
    {
        try
        {
            return run.Kind switch
            {
                "test" => await Test(run, cancellation),
                "lookups" => await Lookups(run, cancellation),
                "reconcile" => await Reconcile(run, cancellation),
                _ => await Import(run, cancellation),
            };
        }
        catch (CryptographicException)
        {
            return new(false, "secret_unreadable", "The stored secret does not open with the hub's keys; store it anew.");
        }
    }

    private async Task<RunEnd> Test(DueRun run, CancellationToken cancellation)
    {
        var access = vendors.Access(run.Integration) with { ProvesCredentials = true };
        var answer = vendors.Source(run.Integration.Kind) is { } source ? await source.Test(access, cancellation)
            : vendors.Psa(run.Integration.Kind) is { } psa ? await psa.Test(access, cancellation)
            : null;
        switch (answer)
        {
            case VendorAnswer<CredentialProof>.Answered proved:
                await Tell(run, new IntegrationMessage.CredentialsProved(proved.Value.Account), cancellation);
                return new(true, "credentials_valid", $"The vendor accepted the credentials: {proved.Value.Account}.");
            case VendorAnswer<CredentialProof>.Failed { Failure: var failure }:
                return await Failed(run, failure, cancellation);
            case null:
                return NoConnector(run);
            default:
                throw new InvalidOperationException($"{answer} is not an answer.");
        }
    }

    private async Task<RunEnd> Import(DueRun run, CancellationToken cancellation)
    {
        var access = vendors.Access(run.Integration);
        if (vendors.Psa(run.Integration.Kind) is { } psa)
            return await Ended(run, await vendors.AskQuota(psa, access, cancellation) is { } refused ? (null, refused) : await psaImport.Import(run, psa, access, cancellation), cancellation);
        return vendors.Source(run.Integration.Kind) is { } source ? await Ended(run, await sourceImport.Import(run, source, access, cancellation), cancellation) : NoConnector(run);
    }

    private async Task<RunEnd> Reconcile(DueRun run, CancellationToken cancellation)
    {
        if (vendors.Psa(run.Integration.Kind) is not { } psa) return new(false, "integration_without_units", "This integration is not a PSA: it bills no units.");
        var access = vendors.Access(run.Integration);
        return await Ended(run, await vendors.AskQuota(psa, access, cancellation) is { } refused ? (null, refused) : await reconciler.Compare(run, psa, access, cancellation), cancellation);
    }

    private async Task<RunEnd> Lookups(DueRun run, CancellationToken cancellation) =>
        vendors.Desk(run.Integration.Kind) is { } desk ? await Ended(run, await lookups.Read(run, desk, vendors.Access(run.Integration), cancellation), cancellation) : NoConnector(run);

    private async Task<RunEnd> Ended(DueRun run, (RunEnd? End, VendorFailure? Failure) outcome, CancellationToken cancellation) =>
        outcome.Failure is { } failure ? await Failed(run, failure, cancellation) : outcome.End!;

    private static RunEnd NoConnector(DueRun run) => new(false, "connector_missing", $"This silo has nothing that speaks to '{run.Integration.Kind}' for that.");

    private async Task<RunEnd> Failed(DueRun run, VendorFailure failure, CancellationToken cancellation)
    {
        if (failure.Kind == VendorFailureKind.Unauthorized) await Tell(run, new IntegrationMessage.CredentialsRefused(failure), cancellation);
        return new(false, failure.Code, failure.Message);
    }

    private Task Tell(DueRun run, IntegrationMessage message, CancellationToken cancellation) =>
        grains.Integrations.Ask(new MspId(run.Integration.Msp), run.Integration.Id, message, "silo", cancellation);
}

/// <summary>How a run ended.</summary>
internal sealed record RunEnd(bool Well, string Code, string Sentence);
