import JOSE
import SwiftProtobuf

/// A decision's metadata as `google.protobuf.Struct`.
enum MetadataStruct {
    static func make(_ metadata: [String: JSONValue]) -> Google_Protobuf_Struct {
        Google_Protobuf_Struct(fields: metadata.mapValues(value))
    }

    private static func value(_ json: JSONValue) -> Google_Protobuf_Value {
        switch json {
        case .null: Google_Protobuf_Value.with { $0.nullValue = .nullValue }
        case .bool(let value): Google_Protobuf_Value(boolValue: value)
        case .integer(let value): Google_Protobuf_Value(numberValue: Double(value))
        case .number(let value): Google_Protobuf_Value(numberValue: value)
        case .string(let value): Google_Protobuf_Value(stringValue: value)
        case .array(let values):
            Google_Protobuf_Value(listValue: Google_Protobuf_ListValue(values: values.map(value)))
        case .object(let object):
            Google_Protobuf_Value(structValue: fields(object))
        }
    }

    private static func fields(_ object: JSONObject) -> Google_Protobuf_Struct {
        object.members.reduce(into: Google_Protobuf_Struct()) { $0.fields[$1.name] = value($1.value) }
    }
}
