using System.Diagnostics;
using Npgsql;
using UsageBilling.Grains.ServiceLine;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Keys;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Interfaces.Values;
using UsageBilling.Runtime.Isolation;
using UsageBilling.Runtime.Turns;
using UsageBilling.Runtime.Turns.Tables;

namespace UsageBilling.Benchmarks.Turns;

/// <summary>What people got who asked one after the other, several at a time.</summary>
internal sealed record Asked(double Seconds, IReadOnlyList<double> Milliseconds, int Refused, int Busy) : Timed(Seconds, Milliseconds);

/// <summary>People at the api who give units, each to lines of their own: turns that write a count, money, an intent and an audit entry.</summary>
internal sealed class Callers : IAsyncDisposable
{
    public const int Count = 8;

    private const int UnitsMax = 1_000;
    private static readonly MspId Msp = new(1);

    private readonly NpgsqlDataSource database;
    private readonly TurnEngine<ServiceLineState, ServiceLineMessage> lines;
    private readonly List<long[]> mine;
    private readonly DateOnly from;
    private int given;

    /// <param name="roles">They work as the api's, which is shown the rows of one msp at a time.</param>
    /// <param name="from">The date the units are given for.</param>
    public Callers(string connection, HubRoles roles, long[] manual, DateOnly from)
    {
        database = NpgsqlDataSource.Create(HubRoles.WorkingAs(
            new(connection)
            {
                ApplicationName = "usagebilling-api", Options = "-c lock_timeout=2s -c statement_timeout=5s", GssEncryptionMode = GssEncryptionMode.Disable,
                MaxAutoPrepare = 100,
            },
            roles.Api));
        lines = new(database, new ServiceLineGrain(), new ServiceLineTable(), new WorkSignal());
        mine = [.. manual.Chunk((manual.Length + Count - 1) / Count)];
        this.from = from;
    }

    /// <summary>Asks until it is cancelled.</summary>
    public async Task<Asked> Ask(CancellationToken until)
    {
        var began = Stopwatch.GetTimestamp();
        var all = await Task.WhenAll(mine.Select(own => Task.Run(() => One(own, until), CancellationToken.None)));
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        return new(seconds, [.. all.SelectMany(one => one.Milliseconds).Order()], all.Sum(one => one.Refused), all.Sum(one => one.Busy));
    }

    public ValueTask DisposeAsync() => database.DisposeAsync();

    private async Task<(List<double> Milliseconds, int Refused, int Busy)> One(long[] own, CancellationToken until)
    {
        var (milliseconds, refused, busy) = (new List<double>(), 0, 0);
        for (var turn = 0; !until.IsCancellationRequested; turn++)
        {
            var units = new Units(1 + (Interlocked.Increment(ref given) % UnitsMax));
            var began = Stopwatch.GetTimestamp();
            switch (await lines.Ask(Msp, own[turn % own.Length], new ServiceLineMessage.GiveUnits(units, from), "bench", CancellationToken.None))
            {
                case TurnResult.Taken { Verdict: Verdict.Accepted }:
                    milliseconds.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
                    break;
                case TurnResult.Taken:
                    refused++;
                    break;
                case TurnResult.Busy:
                    busy++;
                    break;
                case var other:
                    throw new BenchException($"A line answered {other}.");
            }
        }

        return (milliseconds, refused, busy);
    }
}
