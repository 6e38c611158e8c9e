using System.Text.Json.Nodes;
using UsageBilling.Sandbox.Bms.Asking;
using UsageBilling.Sandbox.Wire;

namespace UsageBilling.Sandbox.Bms.Finance;

/// <summary>The catalogue of services. Nothing here writes it.</summary>
internal static class Services
{
    private static readonly string[] ListProperties =
    [
        "id", "name", "description", "unitCost", "unitPrice", "categoryId", "category", "margin", "marginType", "subCategoryId", "subCategory", "unitOfMeasureId",
        "unitOfMeasure", "incomeAccountCode", "incomeAccountName", "expenseAccountCode", "expenseAccountName", "isActive", "isTaxable", "createdOn", "createdBy",
        "modifiedOn", "modifiedBy",
    ];

    public static IReadOnlyList<string> Properties { get; } =
    [
        "id", "name", "description", "unitCost", "unitPrice", "categoryId", "category", "subCategoryId", "subCategory", "unitOfMeasureId", "unitOfMeasure",
        "incomeAccountId", "incomeAccountCode", "incomeAccountName", "expenseAccountId", "expenseAccountCode", "expenseAccountName", "isActive", "isTaxable",
        "createdOn", "createdBy", "modifiedOn", "modifiedBy", "margin", "marginType",
    ];

    public static Answer Lookup(ListAsked asked, BmsState state)
    {
        var id = asked.Criteria.AnyOf("Id");
        var name = asked.Criteria.Contains("Name");
        var found = state.Services.Rows.Where(row => id(Cell.Int(row["id"])) && name(Cell.Text(row["name"])));
        return asked.Answer(found, row => Cell.Shown(row, ["id", "name", "description"]));
    }

    public static Answer Search(ListAsked asked, BmsState state)
    {
        var name = asked.Criteria.Contains("Name");
        var description = asked.Criteria.Contains("Description");
        var categories = asked.Criteria.AnyOf("CategoryIds");
        var subCategories = asked.Criteria.AnyOf("SubCategoryIds");
        var units = asked.Criteria.AnyOf("UnitOfMeasureIds");
        var active = asked.Criteria.Is("IsActive");
        var taxable = asked.Criteria.Is("IsTaxable");
        var income = asked.Criteria.Contains("IncomeAccount");
        var expense = asked.Criteria.Contains("ExpenseAccount");
        var found = state.Services.Rows.Where(row => name(Cell.Text(row["name"]))
            && description(Cell.Text(row["description"]))
            && categories(Cell.Int(row["categoryId"]))
            && subCategories(Cell.Int(row["subCategoryId"]))
            && units(Cell.Int(row["unitOfMeasureId"]))
            && active(Cell.Flag(row["isActive"]) ?? false)
            && taxable(Cell.Flag(row["isTaxable"]) ?? false)
            && income(Cell.Text(row["incomeAccountName"]))
            && expense(Cell.Text(row["expenseAccountName"])));
        return asked.Answer(found, row => Shown(row, ListProperties));
    }

    public static Answer One(int id, BmsState state) =>
        state.Services.Find(id) is { } service ? BmsAnswers.Result(Shown(service, Properties)) : BmsAnswers.Missing("Service", $"{id}");

    private static JsonObject Shown(JsonObject row, IReadOnlyList<string> properties)
    {
        var shown = Cell.Shown(row, properties);
        foreach (var amount in new[] { "unitCost", "unitPrice" })
            shown[amount] = Cell.Double(Cell.Number(row[amount]) ?? 0);
        return shown;
    }
}
