"""What a model that somebody brings may be made of: Keras' own classes, written out by name.

Whoever adds a name answers for it: none of these reads or writes a file, opens an address, or
calls a function that a config names, other than the activations below. Left out on purpose:

* `Lambda`, which is code (CVE-2024-3660);
* `TFSMLayer`, `TorchModuleWrapper`, `JaxLayer` and `FlaxLayer`, which load or run programs from
  elsewhere (CVE-2026-1462, CVE-2025-49655);
* `StringLookup`, `IntegerLookup`, `TextVectorization` and what else looks words up, which read
  files and addresses (CVE-2025-12058), and the other preprocessing of tables and sound;
* operations that take a function: Map, Scan, Cond, Switch, loops and their like;
* quantised layers' own policies, which say how to compute and are read from nested configs.
"""

from __future__ import annotations

MODELS = frozenset({("keras", "Sequential"), ("keras.src.models.functional", "Functional")})

_LAYERS = {
    "begin and shape": "InputLayer Flatten Reshape Permute RepeatVector Cropping1D Cropping2D"
    " Cropping3D ZeroPadding1D ZeroPadding2D ZeroPadding3D UpSampling1D UpSampling2D"
    " UpSampling3D Identity Masking",
    "dense": "Dense EinsumDense Embedding",
    "convolution": "Conv1D Conv2D Conv3D Conv1DTranspose Conv2DTranspose Conv3DTranspose"
    " DepthwiseConv1D DepthwiseConv2D SeparableConv1D SeparableConv2D",
    "pooling": "MaxPooling1D MaxPooling2D MaxPooling3D AveragePooling1D AveragePooling2D"
    " AveragePooling3D GlobalMaxPooling1D GlobalMaxPooling2D GlobalMaxPooling3D"
    " GlobalAveragePooling1D GlobalAveragePooling2D GlobalAveragePooling3D"
    " AdaptiveAveragePooling1D AdaptiveAveragePooling2D AdaptiveAveragePooling3D"
    " AdaptiveMaxPooling1D AdaptiveMaxPooling2D AdaptiveMaxPooling3D",
    "dropout and noise": "Dropout SpatialDropout1D SpatialDropout2D SpatialDropout3D"
    " GaussianDropout AlphaDropout GaussianNoise ActivityRegularization",
    "normalisation": "BatchNormalization LayerNormalization GroupNormalization RMSNormalization"
    " UnitNormalization SpectralNormalization",
    "activation": "Activation ReLU LeakyReLU PReLU ELU Softmax",
    "merging": "Add Subtract Multiply Average Maximum Minimum Concatenate Dot",
    "attention": "Attention AdditiveAttention MultiHeadAttention GroupQueryAttention",
    "recurrent": "LSTM LSTMCell GRU GRUCell SimpleRNN SimpleRNNCell RNN StackedRNNCells"
    " ConvLSTM1D ConvLSTM2D ConvLSTM3D Bidirectional TimeDistributed",
    "image preparation": "Rescaling Normalization Resizing CenterCrop RandomCrop RandomFlip"
    " RandomTranslation RandomRotation RandomZoom RandomContrast RandomBrightness",
}
_INITIALIZERS = (
    "GlorotNormal GlorotUniform HeNormal HeUniform Identity IdentityInitializer"
    " LecunNormal LecunUniform Ones Orthogonal OrthogonalInitializer RandomNormal RandomUniform"
    " TruncatedNormal VarianceScaling Zeros"
)
_REGULARIZERS = "L1 L2 L1L2 OrthogonalRegularizer"
_CONSTRAINTS = "MaxNorm MinMaxNorm NonNeg UnitNorm"

# As `keras.ops` in a functional model are saved: the class of the operation, where it is defined.
_OPERATIONS = {
    "keras.src.ops.numpy": "Absolute Abs Add Amax Amin Arccos Arcsin Arctan Arctan2 Average"
    " BroadcastTo Ceil Clip Concatenate Cos Cosh Divide DivideNoNan Dot Einsum Equal Exp Expm1"
    " ExpandDims Flip Floor FloorDivide GetItem Greater GreaterEqual Less LessEqual Log Log10"
    " Log1p Log2 Logaddexp LogicalAnd LogicalNot LogicalOr Matmul Max Maximum Mean Median Min"
    " Minimum Mod Moveaxis Multiply Negative NotEqual OnesLike Pad Power Prod Ravel Reciprocal"
    " Repeat Reshape Roll Round Sign Sin Sinh Split Sqrt Square Squeeze Stack Std Subtract Sum"
    " Swapaxes Take Tan Tanh Tensordot Tile Transpose TrueDivide Var Where ZerosLike",
    "keras.src.ops.nn": "AveragePool BatchNorm Celu Conv DepthwiseConv Elu Gelu Glu HardSigmoid"
    " HardSilu HardTanh LeakyRelu LogSigmoid LogSoftmax MaxPool Moments Normalize OneHot Relu"
    " Relu6 Selu SeparableConv Sigmoid Silu SoftShrink Softmax Softplus Softsign Sparsemax"
    " Squareplus TanhShrink Threshold",
    "keras.src.ops.core": "Cast StopGradient Unstack",
    "keras.src.ops.math": "Erf Logsumexp Rsqrt",
    "keras.src.ops.linalg": "Norm",
    "keras.src.ops.image": "RGBToGrayscale Resize",
}

LAYERS = frozenset(("keras.layers", name) for group in _LAYERS.values() for name in group.split())
OPERATIONS = frozenset(
    (module, name) for module, names in _OPERATIONS.items() for name in names.split()
)
SETTINGS = frozenset(
    {
        *(("keras.initializers", name) for name in _INITIALIZERS.split()),
        ("keras.initializers", "Constant"),  # which needs a value, and is no word
        *(("keras.regularizers", name) for name in _REGULARIZERS.split()),
        *(("keras.constraints", name) for name in _CONSTRAINTS.split()),
        ("keras.random", "SeedGenerator"),
    }
)
POLICY = ("keras", "DTypePolicy")
CLASSES = MODELS | LAYERS | OPERATIONS | SETTINGS | {POLICY}

# What a word stands for at a key that Keras looks up: "activation" and "…_activation", and so on.
_ACTIVATIONS = (
    "celu elu exponential gelu glu hard_shrink hard_sigmoid hard_silu hard_swish hard_tanh"
    " leaky_relu linear log_sigmoid log_softmax mish relu relu6 selu sigmoid silu soft_shrink"
    " softmax softplus softsign sparse_plus sparse_sigmoid sparsemax squareplus swish tanh"
    " tanh_shrink threshold"
)
ACTIVATIONS = frozenset(_ACTIVATIONS.split())
WORDS = {
    "activation": ACTIVATIONS,
    "initializer": frozenset(
        f"{_INITIALIZERS} glorot_normal glorot_uniform he_normal he_uniform identity"
        " lecun_normal lecun_uniform ones orthogonal random_normal random_uniform"
        " truncated_normal variance_scaling zeros".split()
    ),
    "regularizer": frozenset(f"{_REGULARIZERS} l1 l2 orthogonal_regularizer".split()),
    "constraint": frozenset(f"{_CONSTRAINTS} max_norm min_max_norm non_neg unit_norm".split()),
}
_TYPES = "float16 float32 float64 bfloat16 int8 int16 int32 int64 uint8 uint16 uint32 uint64 bool"
TYPES = frozenset(_TYPES.split())
POLICIES = TYPES | {"mixed_float16", "mixed_bfloat16"}

# What to do about classes that are refused for a reason of their own.
_RUNS_CODE = (
    "A {name} is code, and would run here. Put Keras' own layers or keras.ops in its place."
)
_ELSEWHERE = "A {name} runs a program from elsewhere. Put Keras' own layers in its place."
_READS_FILES = "A {name} may read files. Look words up before the model, and save the rest of it."
_NOT_OPENED = "Labrador does not open this class. Put a usual layer in its place."
_NOT_KERAS = (
    "A class or function of your own is not in the file, only its name: build"
    " keras.Model(inputs, outputs) from Keras' own layers, and save that."
)
_ADVICE = {
    "Lambda": _RUNS_CODE,
    "__lambda__": _RUNS_CODE,
    "TFSMLayer": _ELSEWHERE,
    "TorchModuleWrapper": _ELSEWHERE,
    "JaxLayer": _ELSEWHERE,
    "FlaxLayer": _ELSEWHERE,
    "StringLookup": _READS_FILES,
    "IntegerLookup": _READS_FILES,
    "TextVectorization": _READS_FILES,
    "FeatureSpace": _READS_FILES,
}


def advice_for(module: object, name: object, registered_name: object) -> str:
    """Return what to do about a class that is not on the list."""
    if isinstance(name, str) and name in _ADVICE:
        return _ADVICE[name].format(name=name.strip("_"))
    is_keras = isinstance(module, str) and module.partition(".")[0] == "keras"
    is_plain = registered_name in (None, "", name)
    return _NOT_OPENED if is_keras and is_plain else _NOT_KERAS
