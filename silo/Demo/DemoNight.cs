using System.Net;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace UsageBilling.Silo.Demo;

/// <summary>Runs last night's refresh through the api, shows how far it is and prints what came of it.</summary>
internal sealed class DemoNight(HubClient hub, TimeProvider clock)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    /// <summary>True when the night finished.</summary>
    public async Task<bool> Run(Action<string> say, CancellationToken cancellation)
    {
        var (status, started) = await hub.Post("/v1/nights", new JsonObject(), cancellation);
        var before = status == HttpStatusCode.Conflict ? await hub.All("/v1/nights", cancellation) : [];
        var date = status == HttpStatusCode.Conflict ? before.Select(night => Text(night["night"])).Max() ?? "" : Text(started["night"]);
        if (date.Length == 0) throw new DemoException($"No night could be started: {Text(started["detail"])}");
        say(status == HttpStatusCode.Conflict ? $"The night of {date} was read before" : $"Reading the night of {date}");
        var night = await Finished(date, say, cancellation);
        await Print(date, cancellation);
        if (Text(night["state"]) == "finished") return true;
        foreach (var failed in night["integrations"]!.AsArray().Where(integration => integration!["failure"] is not null))
            AnsiConsole.MarkupLine($"[red]The night is not finished:[/] {Markup.Escape(Text(failed!["failure"]!["sentence"]))}");
        return false;
    }

    private async Task<JsonNode> Finished(string date, Action<string> say, CancellationToken cancellation)
    {
        var begun = clock.GetTimestamp();
        var said = "";
        while (true)
        {
            var night = await hub.Get($"/v1/nights/{date}", cancellation);
            var progress = Progress(night);
            if (progress != said) say(said = progress);
            if (Text(night["state"]) == "finished" || clock.GetElapsedTime(begun) > Longest) return night;
            if (Text(night["state"]) == "incomplete" && Number(night["progress"]!["pending_lines"]) == 0) return night;
            await Task.Delay(Look, clock, cancellation);
        }
    }

    private static string Progress(JsonNode night)
    {
        var progress = night["progress"]!;
        var intents = progress["intents"]!;
        var sent = Number(intents["confirmed"]);
        var open = Number(intents["pending"]) + Number(intents["sending"]) + Number(intents["in_doubt"]);
        return $"{Number(progress["read"])} of {Number(progress["due"])} tenants read, {Number(progress["pending_lines"])} lines to go, {sent} changes posted, {open} on their way";
    }

    private async Task Print(string date, CancellationToken cancellation)
    {
        var rows = await hub.All($"/v1/nights/{date}/result", cancellation);
        var lines = await hub.All("/v1/lines", cancellation);
        var table = new Table().Border(TableBorder.Rounded).Title($"Night of {date}");
        foreach (var column in new[] { "Customer", "Service", "Units", "From", "Posted", "Held" }) table.AddColumn(column);
        foreach (var row in rows.OrderBy(row => Text(row["customer"])).ThenBy(row => Text(row["service"]))) table.AddRow(Cells(row));
        AnsiConsole.WriteLine();
        AnsiConsole.Write(table);
        foreach (var row in rows.Where(row => row["held"] is not null))
            AnsiConsole.MarkupLine($"[yellow]Held[/] {Markup.Escape(Text(row["customer"]))}: {Markup.Escape(Text(row["held"]!["sentence"]))}");
        AnsiConsole.WriteLine($"{lines.Count} service lines, {lines.Count - rows.Count} unchanged, {rows.Count(row => row["held"] is not null)} held.");
        foreach (var tenant in await hub.All("/v1/tenants?mapped=false", cancellation))
            AnsiConsole.WriteLine($"Not billed: {Text(tenant["name"])} belongs to no organization ({string.Join(", ", tenant["counts"]!.AsArray().Select(count => $"{Text(count!["units"])} {Text(count["metric"])}"))}).");
    }

    private static string[] Cells(JsonNode row)
    {
        var (before, after) = (Text(row["units_before"]), Text(row["units_after"]));
        var held = row["held"];
        return
        [
            Markup.Escape(Text(row["customer"])),
            Markup.Escape(Text(row["service"])),
            before == after ? after : $"{before} → [bold]{after}[/]",
            Text(row["effective_on"]),
            Text(row["posted"]) == "posted" ? "[green]posted[/]" : Markup.Escape(Text(row["posted"])),
            held is null ? "" : $"[yellow]{Text(held["reason"]).Replace('_', ' ')}{(held["proposed_units"] is null ? "" : $": {Text(held["proposed_units"])} read")}[/]",
        ];
    }

    private static int Number(JsonNode? node) => node is null ? 0 : node.GetValue<int>();

    private static string Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";
}
