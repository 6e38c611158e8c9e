using System.Diagnostics;
using Npgsql;
using UsageBilling.Benchmarks.Load;

namespace UsageBilling.Benchmarks.Night;

/// <summary>The least the night can cost: the same readings, reminders, counts, entries, intents and versions, written by a few set-based statements.</summary>
internal sealed class SqlFloor(NpgsqlDataSource database, Population population, DateOnly night)
{
    /// <returns>Seconds.</returns>
    public async Task<double> Measure(CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await Statement.Run(database, "vacuum", cancellation);
        var began = Stopwatch.GetTimestamp();
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await Execute(connection, "create temporary table sight (tenant_id bigint not null, metric text not null, units numeric not null) on commit drop", cancellation);
        await Sights(connection, cancellation);
        foreach (var text in Statement.Load("floor").Split(";\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)) await Execute(connection, text, cancellation);
        await transaction.CommitAsync(cancellation);
        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private async Task Sights(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var import = await connection.BeginBinaryImportAsync("copy sight (tenant_id, metric, units) from stdin (format binary)", cancellation);
        import.Timeout = Machine.CopyLongest;
        for (var account = 0; account < population.Accounts; account++)
        {
            foreach (var tenant in Population.TenantsOf(account))
            {
                var (standard, archived) = population.Counts(account, tenant, 1);
                await import.WriteRowAsync(cancellation, tenant + 1L, "standard_licences", (decimal)standard);
                await import.WriteRowAsync(cancellation, tenant + 1L, "archived_licences", (decimal)archived);
            }
        }

        await import.CompleteAsync(cancellation);
    }

    private async Task Execute(NpgsqlConnection connection, string text, CancellationToken cancellation)
    {
#pragma warning disable CA2100 // Our own file
        await using var command = new NpgsqlCommand(text.Replace("$1", $"date '{night:yyyy-MM-dd}'", StringComparison.Ordinal), connection) { CommandTimeout = 0 };
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
