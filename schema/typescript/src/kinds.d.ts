/** What stands for a parameter of a name. */
export interface ParameterInfo {
    title: string;
    description: string;
    /** Regular expression for the whole of it. */
    pattern: string;
}

/** A name of Redis, with its parameters in braces. */
export interface NameInfo {
    name: string;
    title: string;
    description: string;
    template: string;
    parameters: Record<string, ParameterInfo>;
}

/** A kind of keys. */
export interface KeyInfo extends NameInfo {
    redis_type: 'hash' | 'stream' | 'set';
    /** Field of the hash in which its document is, and the name of that document's interface. Absent: it holds none. */
    document?: { field: string; model: string };
    /** Absent: it does not expire. */
    ttl_seconds?: number;
    /** Number of entries to which a stream is trimmed, approximately. */
    max_length?: number;
    /** Key that lists the ids that are in use. */
    index?: string;
    /** Channel that a write is published on. */
    channel?: string;
}

/** A kind of channels. */
export interface ChannelInfo extends NameInfo {
    messages: {
        /** Null: any type. */
        type: string | null;
        /** A position may be conflated, a transition never. */
        class: 'position' | 'transition';
        /** Name of its interface. */
        event: string;
    }[];
}

/** What one field of a document means. */
export interface FieldInfo {
    title: string;
    /** Says unit, range, and what absence means. */
    description: string;
    type: 'string' | 'integer' | 'number' | 'boolean' | 'array' | 'object' | 'time';
    required: boolean;
    nullable: boolean;
    /** As in UCUM. */
    unit?: string;
    enum?: string[];
    minimum?: number;
    maximum?: number;
    minLength?: number;
    maxLength?: number;
    minItems?: number;
    maxItems?: number;
    pattern?: string;
    /** What absence means. */
    default?: string | number | boolean;
}

/** What a document is. */
export interface ModelInfo {
    title: string;
    description: string;
    /** In the order of the schema. */
    fields: Record<string, FieldInfo>;
}

/** A name, taken apart. */
export interface Parsed<Kind extends string> {
    kind: Kind;
    parameters: Record<string, string>;
}
