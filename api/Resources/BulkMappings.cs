using Microsoft.AspNetCore.Http.HttpResults;
using UsageBilling.Api.Access;
using UsageBilling.Api.Database;
using UsageBilling.Api.Problems;
using UsageBilling.Api.Turns;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Keys;
using UsageBilling.Runtime.Turns;

namespace UsageBilling.Api.Resources;

/// <summary>One mapping of many: of a tenant to an organization, or of an organization to an account.</summary>
/// <param name="TenantId">Whose mapping it is, when it is a tenant's.</param>
/// <param name="OrganizationId">A tenant's organization, or null for none; without a tenant, whose mapping it is.</param>
/// <param name="AccountId">An organization's account, or null for none; absent of a tenant's mapping.</param>
/// <param name="From">Absent: the last night.</param>
internal sealed record WantedMapping(long? TenantId = null, long? OrganizationId = null, long? AccountId = null, DateOnly? From = null)
{
    public IEnumerable<FieldError> Check(string place)
    {
        if (TenantId is null && OrganizationId is null) yield return new($"{place}.tenant_id", "Name a tenant, or an organization, whose mapping it is.");
        if (TenantId is not null && AccountId is not null) yield return new($"{place}.account_id", "A tenant is mapped to an organization; the organization is mapped to an account.");
    }
}

/// <summary>Many mappings; each is taken or refused by itself, in their order.</summary>
/// <param name="DryRun">Says what would come of them, and changes nothing.</param>
internal sealed record WantedMappings(IReadOnlyList<WantedMapping> Items, bool DryRun = false) : IChecked
{
    public const int ItemsMax = 1000;

    public IEnumerable<FieldError> Check() => Items.Count is 0 or > ItemsMax
        ? [new("items", $"Must be 1 to {ItemsMax} mappings.")]
        : Items.SelectMany((item, index) => item.Check($"items[{index}]"));
}

/// <summary>What came of one mapping.</summary>
/// <param name="Item">Its number in the request, from 0.</param>
/// <param name="State"><c>mapped</c> or <c>refused</c>; of a dry run, what it would be.</param>
/// <param name="Code">Of a refusal.</param>
internal sealed record MappedItemResource(int Item, string State, string? Code, string? Sentence);

/// <summary>What came of all.</summary>
internal sealed record MappedItemsResource(bool DryRun, int Mapped, int Refused, IReadOnlyList<MappedItemResource> Items);

/// <summary>Mappings by the hundred.</summary>
internal static class BulkMappings
{
    public static void MapBulkMappings(this RouteGroupBuilder group) =>
        group.MapPost("/mappings/bulk", Take).WithTags("mappings").RequireAuthorization(Policies.Operator);

    private static async Task<Ok<MappedItemsResource>> Take(
        WantedMappings request, MspDatabase database, TurnTransactions transactions, GrainEngines grains, CancellationToken cancellation) =>
        TypedResults.Ok(await Map(request, new(database, transactions, grains), cancellation));

    /// <summary>A dry run is one transaction that is not committed: what would come of an item follows also from those before it.</summary>
    internal static async Task<MappedItemsResource> Map(WantedMappings request, Mapper mapper, CancellationToken cancellation)
    {
        var night = (await mapper.Database.Night(cancellation)).Last;
        var items = new List<MappedItemResource>();
        TurnTransaction? transaction = null;
        try
        {
            foreach (var wanted in request.Items)
            {
                transaction ??= await mapper.Transactions.Begin(mapper.Database, cancellation);
                var problem = await mapper.Tell(transaction, wanted, night, cancellation);
                items.Add(new(items.Count, problem is null ? "mapped" : "refused", problem?.Code, problem?.Sentence));
                if (request.DryRun) continue;
                if (problem is null) await transaction.Commit(WorkKinds.None, cancellation);
                await transaction.DisposeAsync();
                transaction = null;
            }
        }
        finally
        {
            if (transaction is not null) await transaction.DisposeAsync();
        }

        var refused = items.Count(item => item.Code is not null);
        return new(request.DryRun, items.Count - refused, refused, items);
    }

    /// <summary>Whom mappings are told.</summary>
    internal sealed record Mapper(MspDatabase Database, TurnTransactions Transactions, GrainEngines Grains)
    {
        public async Task<ProblemResult?> Tell(TurnTransaction transaction, WantedMapping wanted, DateOnly night, CancellationToken cancellation)
        {
            var from = wanted.From ?? night;
            if (wanted.TenantId is { } tenant)
            {
                if (wanted.OrganizationId is { } organization && await transaction.Id("Api/organization_exists", [organization], cancellation) is null)
                    return ProblemResult.Of(ProblemCode.OrganizationUnknown);
                var target = wanted.OrganizationId is { } known ? new OrganizationId(known) : (OrganizationId?)null;
                return TurnProblem.Of(await transaction.Tell(Grains.Tenants, tenant, new ProductTenantMessage.Map(target, from), cancellation));
            }

            if (wanted.AccountId is { } account && await transaction.Id("Api/account_exists", [account], cancellation) is null)
                return ProblemResult.Of(ProblemCode.AccountUnknown);
            var paid = wanted.AccountId is { } given ? new PsaAccountId(given) : (PsaAccountId?)null;
            return TurnProblem.Of(await transaction.Tell(Grains.Organizations, wanted.OrganizationId!.Value, new OrganizationMessage.Map(paid, from), cancellation));
        }
    }
}
